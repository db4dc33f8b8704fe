// Shared fixtures of the specs: who is signed in, what a page has, and a watch over
// everything that must never happen.

import { randomInt } from 'node:crypto';
import { test as base, expect, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test';

export { expect };

export type Role = 'user' | 'technician' | 'admin';
export const ROLES: Role[] = ['user', 'technician', 'admin'];
/** Words for the roles in the names of tests. */
export const A: Record<Role, string> = { user: 'a user', technician: 'a technician', admin: 'an admin' };
export const PASSWORD = 'fixdesk-demo';
export const HOME: Record<Role, string> = { user: '/my', technician: '/jobs', admin: '/tickets' };

/** The accessible names of the three lists and of the tabs above them. */
export const PLACE = { my: '我的报修', jobs: '我的任务', pool: '待接单', tickets: '全部工单', people: '人员', report: '报修' };
/** A place may say how many tickets wait there. */
export const placeNamed = (name: string): RegExp => new RegExp(`^${name}(等你处理 \\d+)?$`);
export const TAB = { pending: '未完成', done: '已完成', all: '全部' } as const;
export type List = keyof typeof TAB;

type Session = Awaited<ReturnType<BrowserContext['storageState']>>;

interface Fixtures {
    /** Role that is signed in when the test begins; nobody if left out. */
    role: Role | undefined;
    watch: Watch;
    desk: Desk;
    /** Session with which a further browser of somebody begins. */
    newcomer: (role: Role) => Promise<Session>;
}

interface WorkerFixtures {
    sessions: Sessions;
    api: Api;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
    role: [undefined, { option: true }],

    storageState: async ({ role, sessions }, use) => {
        await use(role ? await sessions.of(role) : undefined);
    },

    // Failed sign-ins are counted by address: every test comes from its own, so
    // that none waits for another. Needs FIXDESK_BEHIND_PROXY at the server.
    extraHTTPHeaders: async ({}, use) => {
        await use({ 'X-Forwarded-For': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}` });
    },

    watch: [
        async ({ context, baseURL }, use) => {
            const watch = new Watch(context, baseURL!);
            await use(watch);
            expect(watch.complaints, 'what the browser complained about').toEqual([]);
        },
        { auto: true },
    ],

    newcomer: async ({ sessions }, use) => {
        await use(role => sessions.of(role));
    },

    desk: async ({ page, watch, javaScriptEnabled }, use) => {
        await use(new Desk(page, watch, javaScriptEnabled !== false));
    },

    sessions: [
        async ({ browser }, use, { project }) => {
            await use(new Sessions(browser, project.use.baseURL!));
        },
        { scope: 'worker' },
    ],

    api: [
        async ({}, use, { project }) => {
            await use(new Api(project.use.baseURL!));
        },
        { scope: 'worker' },
    ],
});

/** One sign-in a role and worker; tests that end a session sign in themselves. */
class Sessions {
    private readonly states = new Map<Role, Promise<Session>>();

    constructor(
        private readonly browser: Browser,
        private readonly baseURL: string,
    ) {}

    of(role: Role): Promise<Session> {
        let state = this.states.get(role);
        if (!state) {
            state = this.signIn(role);
            this.states.set(role, state);
        }
        return state;
    }

    private async signIn(role: Role): Promise<Session> {
        // Within a test a new context would begin with the session of that test.
        const context = await this.browser.newContext({
            baseURL: this.baseURL,
            locale: 'zh-CN',
            javaScriptEnabled: false,
            storageState: { cookies: [], origins: [] },
        });
        const page = await context.newPage();
        await page.goto('/sign-in');
        await fillSignIn(page, role, PASSWORD);
        await page.waitForURL(`**${HOME[role]}`);
        const state = await context.storageState();
        await context.close();
        return state;
    }
}

async function fillSignIn(page: Page, login: string, password: string): Promise<void> {
    await page.getByLabel('账号', { exact: true }).fill(login);
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByRole('main').getByRole('button', { name: '登录' }).click();
}

export interface Ticket {
    id: number;
    user_id: number;
    user_phone: string;
    device_type: string;
    computer_brand: string;
    repair_description: string;
    repair_status: string;
    repair_image_url: string | null;
    fault_type: string;
    qq_number: string;
    campus: string;
    assigned_technician_id: number | null;
    completion_time: string | null;
}

export interface TicketPage {
    data: Ticket[];
    total: number;
}

export const idsOf = (page: { data: Ticket[] }): string[] => page.data.map(ticket => String(ticket.id));

/** The REST interface: what the pages must agree with. */
export class Api {
    private readonly tokens = new Map<Role, Promise<{ access_token: string; uid: number }>>();
    private all: Promise<Ticket[]> | undefined;

    constructor(private readonly baseURL: string) {}

    async uid(role: Role): Promise<number> {
        return (await this.token(role)).uid;
    }

    async tickets(role: Role, query: Record<string, string | number>): Promise<TicketPage> {
        const { access_token } = await this.token(role);
        const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
        const response = await fetch(`${this.baseURL}/v1/status/getTicket?${search}`, {
            headers: { Authorization: `Bearer ${access_token}` },
        });
        expect(response.status, `getTicket?${search}`).toBe(200);
        return (await response.json()) as TicketPage;
    }

    /** The tickets that a role's own list shows. */
    async home(role: Role, query: Record<string, string | number> = {}): Promise<TicketPage> {
        const uid = await this.uid(role);
        const whose: Record<Role, Record<string, number>> = { user: { uid }, technician: { tid: uid }, admin: {} };
        return this.tickets(role, { ...whose[role], ...query });
    }

    /** Every ticket there is, newest first. */
    everything(): Promise<Ticket[]> {
        this.all ??= (async () => {
            const tickets: Ticket[] = [];
            for (let page = 1; ; page++) {
                const { data, total } = await this.tickets('admin', { page, limit: 100 });
                tickets.push(...data);
                if (tickets.length >= total) return tickets;
            }
        })();
        return this.all;
    }

    /** Files a ticket of a test's own; its number. */
    async file(role: Role, fault_type = '清灰'): Promise<number> {
        const { access_token } = await this.token(role);
        // Two equal reports within two minutes are one ticket.
        const description = `风扇很响，第 ${randomInt(1_000_000_000)} 次`;
        const report = { device_type: '笔记本', brand: '测试本', fault_type, description, campus: '江安', phone: '13800000000' };
        const response = await fetch(`${this.baseURL}/v1/ticket/create`, {
            method: 'POST',
            headers: { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' },
            body: JSON.stringify(report),
        });
        expect(response.status, 'a ticket is filed').toBe(200);
        return ((await response.json()) as { orderid: number }).orderid;
    }

    private token(role: Role): Promise<{ access_token: string; uid: number }> {
        let token = this.tokens.get(role);
        if (!token) {
            token = this.signIn(role);
            this.tokens.set(role, token);
        }
        return token;
    }

    private async signIn(role: Role): Promise<{ access_token: string; uid: number }> {
        const response = await fetch(`${this.baseURL}/v1/user/login`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ username: role, password: PASSWORD }),
        });
        expect(response.status, `sign-in of ${role} at the interface`).toBe(200);
        return (await response.json()) as { access_token: string; uid: number };
    }
}

/** Notes every warning, error, violated policy and request that leaves the site. */
class Watch {
    readonly complaints: string[] = [];
    /** Requests of pages and their code, in order: paths with their queries. */
    readonly requests: string[] = [];
    private readonly expected = new Set<string>();

    constructor(context: BrowserContext, baseURL: string) {
        const origin = new URL(baseURL).origin;
        context.on('console', message => {
            if (!['warning', 'error'].includes(message.type())) return;
            const text = message.text();
            const failed = /^Failed to load resource: (?:the server responded with a status of )?(\S+)/.exec(text);
            const { url } = message.location();
            if (failed && this.expected.has(`${failed[1]} ${pathOf(url)}`)) return;
            this.complaints.push(`console ${message.type()}: ${text} (${url})`);
        });
        context.on('weberror', error => this.complaints.push(`page error: ${error.error().message}`));
        context.on('request', request => {
            const url = new URL(request.url());
            if (['document', 'fetch', 'xhr'].includes(request.resourceType())) this.requests.push(url.pathname + url.search);
            if (url.origin !== origin && url.protocol.startsWith('http')) {
                this.complaints.push(`request to ${url.origin}`);
            }
        });
    }

    /** The browser will report that this path failed, and rightly so. */
    expectFailure(reason: string | number, path: string): void {
        this.expected.add(`${reason} ${path}`);
    }

    rpcRequests(): string[] {
        return this.requests.filter(path => path.startsWith('/rpc/'));
    }
}

function pathOf(url: string): string {
    return URL.canParse(url) ? new URL(url).pathname : url;
}

/** A page of the desk as a person sees it. */
export class Desk {
    readonly main: Locator;
    readonly places: Locator;
    readonly filter: Locator;
    readonly tabs: Locator;
    readonly results: Locator;
    readonly rows: Locator;
    /** The numbers of the tickets shown, each a link. */
    readonly numbers: Locator;
    readonly count: Locator;
    readonly chips: Locator;
    readonly pages: Locator;
    readonly sizes: Locator;
    readonly notice: Locator;

    constructor(
        readonly page: Page,
        private readonly watch: Watch,
        readonly hydrates: boolean,
    ) {
        this.main = page.getByRole('main');
        this.places = page.getByRole('navigation', { name: '主导航' });
        this.filter = page.getByRole('search');
        this.tabs = page.getByRole('navigation', { name: '按进度' });
        this.results = page.getByRole('region', { name: '查询结果' });
        this.rows = page.getByRole('table', { name: '工单' }).locator('tbody').getByRole('row');
        this.numbers = this.rows.getByRole('rowheader').getByRole('link');
        this.count = this.results.getByRole('status');
        this.chips = page.getByRole('list', { name: '已选条件' });
        this.pages = page.getByRole('navigation', { name: '分页' });
        this.sizes = page.getByRole('navigation', { name: '每页行数' });
        this.notice = page.locator('.notice');
    }

    /** Goes to an address and waits until what is alive in it is. */
    async open(address: string, status = 200): Promise<void> {
        if (status >= 400) this.watch.expectFailure(status, address.replace(/[?#].*/, ''));
        const response = await this.page.goto(address);
        expect(response?.status(), `status of ${address}`).toBe(status);
        await this.alive();
    }

    /** The forms work before that, and tests would try them by chance. */
    async alive(): Promise<void> {
        const announced = await this.page.locator('script[type=module]').count();
        if (this.hydrates && announced > 0) await this.page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
    }

    async signIn(login: string, password = PASSWORD): Promise<void> {
        await fillSignIn(this.page, login, password);
    }

    async signOut(): Promise<void> {
        await this.openMenu('账号与密码');
        await this.page.getByRole('button', { name: '退出登录' }).click();
        await this.page.waitForURL('**/sign-in');
    }

    async openMenu(name: string): Promise<void> {
        await this.page.locator('summary').filter({ hasText: name }).click();
    }

    tab(list: List): Locator {
        // The count follows the word, once it is known.
        return this.tabs.getByRole('link', { name: new RegExp(`^${TAB[list]}( |$)`) });
    }

    pager(name: string): Locator {
        return this.pages.getByRole('link', { name, exact: true });
    }

    /** The rows, what is said about them and the open tab, all of one answer. */
    async shows(expected: TicketPage, from = 1): Promise<void> {
        await expect(this.numbers).toHaveText(idsOf(expected));
        const to = from + expected.data.length - 1;
        await expect(this.count).toHaveText(`第 ${number(from)}–${number(to)} 单，共 ${number(expected.total)} 单`);
    }

    async isOnTab(list: List): Promise<void> {
        await expect(this.tab(list)).toHaveAttribute('aria-current', 'true');
        await expect(this.tabs.locator('[aria-current]')).toHaveCount(1);
    }
}

/** A count as both languages write it. */
export const number = (value: number): string => value.toLocaleString('en');

/** Gives the language or theme that the switch would have remembered. */
export async function remember(context: BrowserContext, baseURL: string, name: 'language' | 'theme', value: string): Promise<void> {
    await context.addCookies([{ name: `fixdesk_${name}`, value, url: baseURL }]);
}

/** Lets the page do what it has begun: two frames, so that effects have run. */
export async function settled(page: Page): Promise<void> {
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Point at which a finger or mouse would hit something, whatever lies over it. */
export async function centreOf(target: Locator): Promise<[x: number, y: number]> {
    await target.scrollIntoViewIfNeeded();
    const box = (await target.boundingBox())!;
    return [box.x + box.width / 2, box.y + box.height / 2];
}
