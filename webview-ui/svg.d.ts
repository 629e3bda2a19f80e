/** The build puts the text of an SVG file where it is imported. */
declare module '*.svg' {
  const text: string;
  export default text;
}
