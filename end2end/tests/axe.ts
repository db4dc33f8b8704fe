import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Another theme changes nothing else. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe finds, a line each: the rule, the element and what is wrong with it. */
export async function findings(page: Page, what: 'everything' | 'colours' = 'everything'): Promise<string[]> {
    // Legacy is what it calls looking at one document: there are no frames here.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    const { violations, passes } = await (what === 'colours' ? axe.withRules(COLOURS) : axe.withTags(TAGS)).analyze();
    expect(passes.map(rule => rule.id), 'axe has looked at the page').toContain('color-contrast');
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.replace(/\s+/g, ' ')}`),
    );
}
