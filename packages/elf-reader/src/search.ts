/** The index of the first item that is not `before`, in a list in which those stand in front. */
export function firstBehind<T>(list: Readonly<ArrayLike<T>>, before: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The index of the last of `starts`, ascending, from `first` to `last`, that is not above `value`; `first` where all
 * are. It finds the piece that holds an offset by where pieces start.
 */
export function lastAtOrBefore(
  starts: Readonly<ArrayLike<number>>,
  value: number,
  first: number,
  last: number,
): number {
  let low = first;
  let high = last;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
