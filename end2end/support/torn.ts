// Words that no line breaks, within the text around them.

import type { Page } from '@playwright/test';

/** Returns the words of `tidy.rs` that stand apart from the word before them by less or by more than a space of theirs. */
export function torn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const boxes = (node: Node, from: number, to: number) => {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      return [...range.getClientRects()];
    };
    const found: string[] = [];
    for (const word of document.querySelectorAll('one-word, masked-word')) {
      let before = word.previousSibling;
      while (before instanceof Comment) before = before.previousSibling;
      const text = before instanceof Text ? before.data.trimEnd() : '';
      if (!before || !text || !word.firstChild) continue;
      const [last, first] = [boxes(before, text.length - 1, text.length).at(-1), boxes(word.firstChild, 0, 1)[0]];
      // Of two lines, each is by itself; what is folded away has no place.
      if (!last || !first || Math.abs(last.top - first.top) > 1) continue;
      const size = Number.parseFloat(getComputedStyle(word).fontSize);
      const gap = first.left - last.right;
      if (gap < size / 8 || gap > size / 2) found.push(`${text} ${word.textContent}: ${gap.toFixed(1)} px`);
    }
    return found;
  });
}
