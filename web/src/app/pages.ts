import { Activity, Cpu, FileText, MessageSquareText, Users, type LucideIcon } from 'lucide-react';
import type { Permission } from '../api/session.ts';
import type { TextKey } from '../i18n/index.ts';

export type PagePath = '/' | '/documents' | '/people' | '/models' | '/operations';

interface Page {
  readonly to: PagePath;
  readonly title: TextKey;
  readonly icon: LucideIcon;
  /** One of these must be allowed to find anything there. */
  readonly permissions: readonly Permission[];
}

/** The pages of the main menu, in their order; `Alt+1` opens the first. */
export const PAGES: readonly Page[] = [
  { to: '/', title: 'nav.ask', icon: MessageSquareText, permissions: ['ask'] },
  { to: '/documents', title: 'nav.documents', icon: FileText, permissions: ['documents.read'] },
  { to: '/people', title: 'nav.people', icon: Users, permissions: ['people.read'] },
  { to: '/models', title: 'nav.models', icon: Cpu, permissions: ['models.manage'] },
  {
    to: '/operations',
    title: 'nav.operations',
    icon: Activity,
    permissions: ['operations.read', 'audit.read'],
  },
];

/** The pages that somebody with these permissions is shown. */
export function pagesFor(permissions: readonly Permission[]): readonly Page[] {
  return PAGES.filter((page) => page.permissions.some((one) => permissions.includes(one)));
}
