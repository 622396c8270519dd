/** What every official JavaScript client is connected with. */
export type ConnectOptions = {
  apiKey?: string | undefined;
  apiVersion?: string;
  vertexai?: boolean;
  project?: string;
  location?: string;
  /** Made by hand in the tests, where no Google account is; `never` because each release has its own type of it. */
  googleAuthOptions?: { authClient: never };
  httpOptions: { baseUrl: string };
};

/**
 * What the releases have in common of `GoogleGenAI`. Their types of parameters and results differ, so here both are any
 * object; that each release accepts what it is given is what the tests find out.
 */
export interface OfficialClient {
  readonly interactions: {
    create(params: object, options?: object): PromiseLike<unknown>;
    get(id: string, params?: object, options?: object): PromiseLike<unknown>;
    cancel(id: string): PromiseLike<unknown>;
    delete(id: string): PromiseLike<unknown>;
  };
  readonly models: {
    list(params?: { config?: { pageSize?: number } }): PromiseLike<AsyncIterable<{ name?: string }>>;
    get(params: { model: string }): PromiseLike<{ name?: string; displayName?: string }>;
  };
}

/** One release, unmodified: it only learns where the server is. */
export type Connect = (options: ConnectOptions) => OfficialClient;
