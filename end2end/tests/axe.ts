import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Another theme changes nothing else. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** axe's own measures, except that transparent pseudo-elements, such as the one
 *  that makes a whole row a link, do not keep it from measuring what is below. */
const CONTRAST = {
    ignoreUnicode: true,
    ignoreLength: false,
    ignorePseudo: true,
    boldValue: 700,
    boldTextPt: 14,
    largeTextPt: 18,
    contrastRatio: { normal: { expected: 4.5 }, large: { expected: 3 } },
    shadowOutlineEmMax: 0.2,
    textStrokeEmMin: 0.03,
};

/** Findings of axe, and what it cannot measure: the rule, the element and what is wrong with it. */
export async function findings(page: Page, what: 'everything' | 'colours' = 'everything'): Promise<string[]> {
    // Legacy is what it calls looking at one document: there are no frames here.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    // axe.run reads it; its types do not know it.
    axe.options({ checks: { 'color-contrast': { options: CONTRAST } } } as Parameters<AxeBuilder['options']>[0]);
    const { violations, incomplete, passes } = await (
        what === 'colours' ? axe.withRules(COLOURS) : axe.withTags(TAGS)
    ).analyze();
    expect(passes.map(rule => rule.id), 'axe has looked at the page').toContain('color-contrast');
    return [...violations, ...incomplete.filter(rule => rule.id === 'color-contrast')].flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.replace(/\s+/g, ' ')}`),
    );
}
