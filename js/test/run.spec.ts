import { TextDecoder, TextEncoder } from 'util';

import { RequestRefused, ServerUnreachable } from '../src/api/failures';
import type { IRunDetails } from '../src/api/rundetails';
import type { IErrorBody } from '../src/api/wire';
import { formatBytes } from '../src/components/bytes';
import { bytesAway, wholeOutputs } from '../src/models/outputs';
import { RunModel } from '../src/models/run';
import { payload } from './payloads';
import { StubClient } from './stub';

// Browsers have them; jsdom has not.
Object.assign(globalThis, { TextDecoder, TextEncoder });

const DETAILS = payload<IRunDetails>('RunDetails');
const ID = DETAILS.run.run_id;

function modelOf(replies: {
  [route: string]: unknown;
}): [RunModel, StubClient] {
  const stub = new StubClient(replies);
  return [new RunModel(stub.client, 'work', ID), stub];
}

describe('RunModel', () => {
  it('reads everything of its run', async () => {
    const [model, stub] = modelOf({ [`runs/${ID}`]: DETAILS });
    await model.refresh();
    expect(stub.asked).toEqual([[`runs/${ID}`, { workspace: 'work' }]]);
    expect(model.standing).toBe('ready');
    expect(model.details?.verdict?.word).toBe('differs');
    expect(model.details?.recipe?.cells[0]?.reasons).toEqual(['imports fits']);
    expect(model.details?.stamp.reasons).toEqual(['Cell [3] was edited.']);
  });

  it('draws nothing anew when nothing of it has changed', async () => {
    const [model] = modelOf({ [`runs/${ID}`]: DETAILS });
    await model.refresh();
    let count = 0;
    model.stateChanged.connect(() => (count += 1));
    await model.refresh();
    expect(count).toBe(0);
  });

  it('stays readable while the server is away, and comes back', async () => {
    const [model, stub] = modelOf({ [`runs/${ID}`]: DETAILS });
    await model.refresh();
    stub.replies[`runs/${ID}`] = () => {
      throw new ServerUnreachable();
    };
    await model.refresh();
    expect(model.standing).toBe('unreachable');
    expect(model.run?.name).toBe('forest');
    stub.replies[`runs/${ID}`] = DETAILS;
    await model.refresh();
    expect(model.standing).toBe('ready');
  });

  it('says that a run is not there', async () => {
    const [model] = modelOf({
      [`runs/${ID}`]: () => {
        throw new RequestRefused(404, payload<IErrorBody>('Error'));
      }
    });
    await model.refresh();
    expect(model.standing).toBe('missing');
    expect(model.details).toBeNull();
  });

  it('tells why what one said was refused', async () => {
    const error = payload<IErrorBody>('Error');
    const [model] = modelOf({
      [`runs/${ID}`]: (query: object) => {
        if ('note' in query) {
          throw new RequestRefused(400, error);
        }
        return DETAILS;
      }
    });
    expect(await model.say({ note: 'x' })).toBe(false);
    expect(model.problem).toBe(error.message);
    expect(await model.say({ archived: true })).toBe(true);
    expect(model.problem).toBe('');
  });
});

describe('outputs', () => {
  const [stream, shown] = DETAILS.cells[0]!.outputs;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  it('fetches what is kept elsewhere', async () => {
    expect(bytesAway([stream!, shown!])).toBe(9);
    const [whole] = await wholeOutputs([stream!], digest => {
      expect(digest).toHaveLength(64);
      return Promise.resolve(bytes('long text'));
    });
    expect(whole?.text).toBe('long text');
  });

  it('makes of bytes what nbformat has for them', async () => {
    const away = (encoding?: string): { [key: string]: string | number } => ({
      blob: 'ab',
      size: 2,
      ...(encoding ? { encoding } : {})
    });
    const output = {
      output_type: 'display_data',
      data: {
        'image/png': away('base64'),
        'application/json': away('json'),
        'text/plain': 'short'
      },
      metadata: { 'text/html': { isolated: true } }
    };
    const [whole] = await wholeOutputs([output], () =>
      Promise.resolve(bytes('{}'))
    );
    expect(whole?.data).toEqual({
      'image/png': 'e30=',
      'application/json': {},
      'text/plain': 'short'
    });
    expect(whole?.metadata).toEqual({});
  });
});

describe('formatBytes', () => {
  it('takes the unit that fits', () => {
    expect([0, 999, 2200, 250_000, 12_345_678].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '2.2 kB',
      '250 kB',
      '12.3 MB'
    ]);
  });
});
