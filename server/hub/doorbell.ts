/** A place in the queue of those who wait for an interaction's next events. */
export type Ticket = {
  /** Resolves when the bell has rung since the ticket was taken, or when the ticket is given back. */
  rung: Promise<void>;
  /** Gives the ticket back: whoever waits on it goes on at once. */
  giveBack(): void;
};

/**
 * Wakes those who follow a log. A ring carries no data: whoever wakes reads the log from its own cursor, so a slow reader
 * holds a number and not a buffer. Take the ticket before reading, so that nothing slips between reading and waiting.
 */
export type Doorbell = {
  take(id: string): Ticket;
  ring(id: string): void;
  /** Tickets that are out, of all interactions. */
  waiting(): number;
};

export function createDoorbell(): Doorbell {
  const tickets = new Map<string, Set<Ticket>>();
  return {
    take(id) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const queue = tickets.get(id) ?? new Set<Ticket>();
      const ticket: Ticket = {
        rung: promise,
        giveBack() {
          queue.delete(ticket);
          if (queue.size === 0 && tickets.get(id) === queue) tickets.delete(id);
          resolve();
        },
      };
      queue.add(ticket);
      tickets.set(id, queue);
      return ticket;
    },
    ring(id) {
      for (const ticket of tickets.get(id) ?? []) ticket.giveBack();
    },
    waiting() {
      let count = 0;
      for (const queue of tickets.values()) count += queue.size;
      return count;
    },
  };
}
