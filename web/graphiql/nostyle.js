// Stands in for react-style-singleton, by which dialogs write a style element that keeps
// the page behind them from scrolling. The policy of the page forbids such elements, and
// the page does not scroll.
export const styleSingleton = () => () => null;
