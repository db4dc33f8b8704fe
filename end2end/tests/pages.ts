// Every page of the desk, for the checks that hold on all of them.

import type { Api, Role } from './desk';

export interface Stop {
    name: string;
    role?: Role;
    address: string;
    status?: number;
    /** Must be seen before the check begins, so that it looks at the page that is meant. */
    shows: string;
    /** It has no code of its own. */
    still?: boolean;
}

export const STOPS: Stop[] = [
    { name: 'sign-in', address: '/sign-in', shows: '.form', still: true },
    { name: 'list of a user', role: 'user', address: '/my', shows: 'tbody tr:nth-child(10)' },
    { name: 'list of a technician', role: 'technician', address: '/jobs?list=done', shows: 'tbody tr:nth-child(10)' },
    { name: 'list of an admin', role: 'admin', address: '/tickets?campus=江安&page=3', shows: 'tbody tr:nth-child(10)' },
    { name: 'bad values', role: 'admin', address: '/tickets?uid=abc&tid=0', shows: '.field__error' },
    { name: 'no matches', role: 'admin', address: '/tickets?uid=1&list=done', shows: '.notice__actions a' },
    { name: 'nothing filed', role: 'admin', address: '/my', shows: '.notice' },
    { name: 'past the end', role: 'user', address: '/my?page=99', shows: '.notice__actions a' },
    { name: 'ticket', role: 'user', address: 'first', shows: '.steps' },
    { name: 'account', role: 'technician', address: '/account', shows: '.form', still: true },
    { name: 'report', role: 'user', address: '/tickets/new', shows: '.form' },
    { name: 'job', role: 'technician', address: 'first', shows: '.actions' },
    { name: 'open ticket of an admin', role: 'admin', address: 'first', shows: '.actions' },
    { name: 'what waits', role: 'technician', address: '/pool', shows: 'tbody tr' },
    { name: 'people', role: 'admin', address: '/people', shows: '.people', still: true },
    { name: 'deleted tickets', role: 'admin', address: '/tickets/deleted', shows: '.notice, .deleted', still: true },
    { name: 'registration', address: '/register', shows: '.form', still: true },
    { name: 'inbox', role: 'user', address: '/inbox', shows: '.notice, .inbox', still: true },
    { name: 'take over', role: 'technician', address: '/take-over', shows: '.form', still: true },
    { name: 'not found', role: 'technician', address: '/tickets/1', status: 404, shows: '.notice', still: true },
    { name: 'not allowed', role: 'user', address: '/tickets', status: 403, shows: '.notice', still: true },
    { name: 'interface', address: '/api/docs', shows: '.api-doc__calls', still: true },
    ...['lookups', 'tickets', 'photos', 'sign-in', 'account', 'people'].map(group => ({
        name: `interface: ${group}`,
        address: `/api/docs/${group}`,
        shows: '.api-doc__table',
        still: true,
    })),
];

/** The stops by who must be signed in for them. */
export const BY_ROLE = new Map<Role | undefined, Stop[]>();
for (const stop of STOPS) BY_ROLE.set(stop.role, [...(BY_ROLE.get(stop.role) ?? []), stop]);

/** Address of a stop; the ticket is the newest of its reader that has a photo. */
export async function addressOf(stop: Stop, api: Api): Promise<string> {
    if (stop.address !== 'first') return stop.address;
    const { data } = await api.home(stop.role!);
    const ticket = data.find(ticket => ticket.repair_image_url) ?? data[0]!;
    return `/tickets/${ticket.id}`;
}
