/**
 * What may go wrong between the sidebar and the server.
 */
import type { IErrorBody } from './wire';

/** The server refused, and said why in a sentence. */
export class RequestRefused extends Error {
  constructor(
    readonly status: number,
    readonly body: IErrorBody
  ) {
    super(body.message);
    this.name = 'RequestRefused';
  }

  /** Which error of ours it was, as `FilterSyntaxError`. */
  get kind(): string {
    return this.body.error;
  }
}

/** The server has no routes of ours: its part is not installed or not enabled. */
export class ServerPartMissing extends Error {
  constructor() {
    super('The server part of jupyter_mlops does not answer.');
    this.name = 'ServerPartMissing';
  }
}

/** The server does not answer at all. */
export class ServerUnreachable extends Error {
  constructor() {
    super('The server does not answer.');
    this.name = 'ServerUnreachable';
  }
}
