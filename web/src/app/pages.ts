import { Activity, FileText, MessageSquareText, type LucideIcon } from 'lucide-react';
import type { TextKey } from '../i18n/index.ts';

interface Page {
  readonly to: '/' | '/documents' | '/operations';
  readonly title: TextKey;
  readonly icon: LucideIcon;
}

/** The pages of the main menu, in their order; `Alt+1` opens the first. */
export const PAGES: readonly Page[] = [
  { to: '/', title: 'nav.ask', icon: MessageSquareText },
  { to: '/documents', title: 'nav.documents', icon: FileText },
  { to: '/operations', title: 'nav.operations', icon: Activity },
];
