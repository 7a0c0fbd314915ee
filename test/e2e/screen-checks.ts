import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'chai';
import type { Page } from 'playwright-core';

/** Names of values and of sentences, ids and holes: none may reach a person. */
const RAW = [
  /\b[a-z]+(?:_[a-z]+)+\b/,
  /\b(?:admin|app|board|case|cases|notifications|report|review|slide|submission|ui|viewer|worklist)\.[a-z][\w.-]+/,
  /\b[0-9a-f]{24}\b/,
  /\{\{|\}\}|\[object |\bundefined\b|\bNaN\b|\bInvalid Date\b/,
];
const ENGLISH =
  /(?<!\p{L})(?:the|with|and|of|your|save|saved|cancel|close|delete|loading|search|submit|submitted|slides?|reviews?|reviewer|cases?|pending|assigned|unknown|error|settings|sign|network|organisations|users?)(?!\p{L})/iu;

/** No serious finding of axe, no sideways scrolling, no code, no English: what every screen must hold. */
export async function checkScreen(page: Page): Promise<void> {
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  const words = await visibleWords(page);
  const raw = words.filter((text) => RAW.some((pattern) => pattern.test(text)));
  const english = words.filter((text) => ENGLISH.test(text));
  const axe = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const grave = axe.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect({ grave, wider: Math.max(0, wider), raw, english }).to.deep.equal({
    grave: [],
    wider: 0,
    raw: [],
    english: [],
  });
}

/** Every piece of text a person can see or hear on the page. */
async function visibleWords(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim() ?? '';
      const element = walker.currentNode.parentElement;
      // Other languages say so themselves; a script or a style is not read.
      if (text === '' || element?.closest('script, style, [lang="en"]')) continue;
      if (element?.checkVisibility()) found.push(text);
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
      if (element.checkVisibility())
        for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
          found.push(element.getAttribute(name) ?? '');
    return [...new Set(found)];
  });
}
