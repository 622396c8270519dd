/** Every message that one subscriber gets, from the first result to the end. */
export function recordMessages(url: string, payload: object): Promise<string[]> {
  const messages: string[] = [];
  const socket = new WebSocket(url.replace("http", "ws"), "graphql-transport-ws");
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  socket.onopen = () => socket.send('{"type":"connection_init"}');
  socket.onclose = () => reject(new Error("The socket was closed before the end of the subscription."));
  socket.onmessage = ({ data }) => {
    if (data === '{"type":"connection_ack"}') {
      socket.send(JSON.stringify({ id: crypto.randomUUID(), type: "subscribe", payload }));
      return;
    }
    messages.push(String(data));
    if (!String(data).includes('"type":"complete"')) return;
    resolve(messages);
    socket.close();
  };
  return promise;
}
