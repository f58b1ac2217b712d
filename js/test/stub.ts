/**
 * A client that answers from a table, and remembers what it was asked.
 */
import type { Client, Query } from '../src/api/client';

export class StubClient {
  readonly asked: [string, Query][] = [];

  constructor(readonly replies: { [route: string]: unknown }) {}

  get client(): Client {
    return this as unknown as Client;
  }

  async get(route: string, query: Query = {}): Promise<unknown> {
    this.asked.push([route, query]);
    const reply = this.replies[route];
    return typeof reply === 'function'
      ? await (reply as (query: Query) => unknown)(query)
      : reply;
  }

  post(route: string, body: object): Promise<unknown> {
    return this.get(route, body as Query);
  }
}
