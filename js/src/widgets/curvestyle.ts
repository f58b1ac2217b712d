/**
 * How lines are told apart: by colours of the theme, and by dashes without them.
 */

/** Colours as the theme has them now. */
export interface IPalette {
  lines: string[];
  text: string;
  grid: string;
  font: string;
}

const COLOURS = [
  '--jp-brand-color1',
  '--jp-warn-color1',
  '--jp-success-color1',
  '--jp-error-color1',
  '--jp-mirror-editor-operator-color',
  '--jp-info-color1'
];
/** As many as have no divisor in common with the colours: 42 lines differ. */
const DASHES: number[][] = [
  [],
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [16, 4],
  [10, 3, 2, 3, 2, 3],
  [4, 3]
];

/** The look of the line with a number: the place of its colour, and its dash. */
export interface ICurveStyle {
  colour: number;
  /** The variable that has the colour. */
  variable: string;
  dash: number[];
}

/** Choose the look of a line. */
export function curveStyle(number: number): ICurveStyle {
  const colour = number % COLOURS.length;
  return {
    colour,
    variable: COLOURS[colour] as string,
    dash: DASHES[number % DASHES.length] as number[]
  };
}

/** Read the colours of the theme that holds at a place of the page. */
export function readPalette(node: HTMLElement): IPalette {
  const style = getComputedStyle(node);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    lines: COLOURS.map(read),
    text: read('--jp-ui-font-color1'),
    grid: read('--jp-border-color2'),
    font: `${style.fontSize} ${style.fontFamily}`
  };
}
