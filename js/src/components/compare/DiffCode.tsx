/**
 * Lines of two sides beside each other, coloured as code, with what changed marked.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import { changedStretches, columnText, diffRows } from '../../models/diffrows';
import type { IDiffRow, ISide, Stretch } from '../../models/diffrows';

/** A piece of a line in one colour. */
export interface IToken {
  text: string;
  className: string;
}

/** Colours code; a list of pieces a line. */
export type Colour = (code: string) => Promise<IToken[][]>;

export interface IDiffCodeProps {
  lines: readonly string[];
  /** Left out: plain text. */
  colour?: Colour;
  label: string;
  trans: TranslationBundle;
}

export function DiffCode(props: IDiffCodeProps): React.JSX.Element {
  const { trans } = props;
  const rows = React.useMemo(() => diffRows(props.lines), [props.lines]);
  const left = useColours(rows, 'left', props.colour);
  const right = useColours(rows, 'right', props.colour);
  return (
    <table className="jp-Mlops-diffLines" aria-label={props.label}>
      <tbody>
        {rows.map((row, at) =>
          row.kind === 'gap' ? (
            <tr key={at} className="jp-mod-gap">
              <td colSpan={4}>
                <span aria-hidden="true">⋯</span>
                <span className="jp-Mlops-unseen">
                  {trans.__('equal lines left out')}
                </span>
              </td>
            </tr>
          ) : (
            <Row
              key={at}
              row={row}
              left={left[at]}
              right={right[at]}
              trans={trans}
            />
          )
        )}
      </tbody>
    </table>
  );
}

interface IRowProps {
  row: IDiffRow;
  left: IToken[] | undefined;
  right: IToken[] | undefined;
  trans: TranslationBundle;
}

function Row(props: IRowProps): React.JSX.Element {
  const { row, trans } = props;
  const isChanged = row.kind === 'changed';
  const [gone, come] =
    isChanged && row.left && row.right
      ? changedStretches(row.left.text, row.right.text)
      : [null, null];
  return (
    <tr>
      <Side
        side={row.left}
        tokens={props.left}
        stretch={gone}
        sign={isChanged ? '−' : ''}
        word={trans.__('removed')}
        kind="gone"
      />
      <Side
        side={row.right}
        tokens={props.right}
        stretch={come}
        sign={isChanged ? '+' : ''}
        word={trans.__('added')}
        kind="come"
      />
    </tr>
  );
}

interface ISideProps {
  side: ISide | null;
  tokens: IToken[] | undefined;
  stretch: Stretch | null;
  sign: string;
  word: string;
  kind: 'gone' | 'come';
}

function Side(props: ISideProps): React.JSX.Element {
  const { side, sign } = props;
  if (!side) {
    return <td colSpan={2} className="jp-mod-none" />;
  }
  const tokens = props.tokens ?? [{ text: side.text, className: '' }];
  return (
    <>
      <td className="jp-Mlops-lineNumber">{side.number}</td>
      <td className={sign ? `jp-mod-${props.kind}` : undefined}>
        <span className="jp-Mlops-diffSign" aria-label={sign && props.word}>
          {sign}
        </span>
        <code>
          {pieces(tokens, props.stretch).map((piece, at) =>
            piece.isMarked ? (
              <mark key={at} className={piece.className}>
                {piece.text}
              </mark>
            ) : (
              <span key={at} className={piece.className}>
                {piece.text}
              </span>
            )
          )}
        </code>
      </td>
    </>
  );
}

interface IPiece extends IToken {
  isMarked: boolean;
}

/** Cut coloured pieces where the marked stretch begins and ends. */
function pieces(tokens: readonly IToken[], stretch: Stretch | null): IPiece[] {
  const [from, to] = stretch ?? [0, 0];
  const found: IPiece[] = [];
  let at = 0;
  for (const { text, className } of tokens) {
    const cuts = [0, from - at, to - at, text.length]
      .map(cut => Math.min(text.length, Math.max(0, cut)))
      .sort((one, other) => one - other);
    for (let number = 0; number < 3; number++) {
      const [start, end] = [cuts[number] ?? 0, cuts[number + 1] ?? 0];
      if (end > start) {
        const isMarked = at + start >= from && at + end <= to;
        found.push({ text: text.slice(start, end), className, isMarked });
      }
    }
    at += text.length;
  }
  return found;
}

function useColours(
  rows: readonly IDiffRow[],
  side: 'left' | 'right',
  colour: Colour | undefined
): readonly (IToken[] | undefined)[] {
  const [tokens, setTokens] = React.useState<IToken[][]>([]);
  React.useEffect(() => {
    let isWanted = true;
    void colour?.(columnText(rows, side)).then(found => {
      if (isWanted) {
        setTokens(found);
      }
    });
    return () => {
      isWanted = false;
    };
  }, [rows, side, colour]);
  // Colours of another text would show that text.
  return rows.map((row, at) => {
    const found = tokens[at];
    const text = found?.map(token => token.text).join('');
    return text === row[side]?.text ? found : undefined;
  });
}
