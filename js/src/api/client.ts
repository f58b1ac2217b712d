/**
 * Requests to the server part: one function a verb, errors by kind.
 */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import {
  RequestRefused,
  ServerPartMissing,
  ServerUnreachable
} from './failures';
import type { IErrorBody } from './wire';

const PREFIX = 'mlops/api';
const NOT_FOUND = 404;

/** What follows the question mark; what is undefined or empty is left out. */
export type Query = { [name: string]: string | number | undefined };

/** Asks the server part. */
export class Client {
  constructor(readonly settings: ServerConnection.ISettings) {}

  /** Read from a route. */
  get<T>(route: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this._ask<T>(route, query, { method: 'GET', signal });
  }

  /** Send a JSON object to a route. */
  post<T>(route: string, body: object, query: Query = {}): Promise<T> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    return this._ask<T>(route, query, init);
  }

  /** The address of a route, for links. */
  address(route: string, query: Query = {}): string {
    const url = URLExt.join(this.settings.baseUrl, PREFIX, route);
    return url + toQuery(query);
  }

  /** The address of a websocket. */
  socketAddress(route: string, query: Query = {}): string {
    const { wsUrl, token, appendToken } = this.settings;
    const shown = appendToken && token !== '' ? { ...query, token } : query;
    return URLExt.join(wsUrl, PREFIX, route) + toQuery(shown);
  }

  private async _ask<T>(
    route: string,
    query: Query,
    init: RequestInit
  ): Promise<T> {
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(
        this.address(route, query),
        init,
        this.settings
      );
    } catch (error) {
      if (error instanceof ServerConnection.NetworkError) {
        throw new ServerUnreachable();
      }
      throw error;
    }
    const body = await readJson(response);
    if (response.ok && body !== null) {
      return body as T;
    }
    if (isErrorBody(body)) {
      throw new RequestRefused(response.status, body);
    }
    // A proxy before a server that is starting answers in HTML, too.
    throw response.status === NOT_FOUND
      ? new ServerPartMissing()
      : new ServerUnreachable();
  }
}

/** The part of an address after the path. */
function toQuery(query: Query): string {
  const given = Object.entries(query).filter(
    ([name, value]) =>
      value !== undefined && (value !== '' || name === 'workspace')
  );
  return URLExt.objectToQueryString(
    Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
  );
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function isErrorBody(body: unknown): body is IErrorBody {
  return (
    typeof body === 'object' &&
    body !== null &&
    'message' in body &&
    'error' in body
  );
}
