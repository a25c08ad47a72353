import type { signIn as czech } from '../cs/sign-in.ts';
import type { DictionaryOf } from '../dictionary.ts';

/** The texts of signing in, in English. Plurals end in _one, _other. */
export const signIn: DictionaryOf<typeof czech> = {
  'signIn.title': 'Sign in',
  'signIn.hint': 'Use the account that your administrator gave you.',
  'signIn.action': 'Sign in',
  'signIn.name': 'Account name',
  'signIn.nameHint': 'Letters, digits and . _ @ -',
  'signIn.displayName': 'Your name, as others will see it',
  'signIn.passphrase': 'Passphrase',
  'signIn.passphraseHint': 'At least 12 characters. Best a few words that do not belong together.',
  'signIn.code': 'Code from your authenticator app',
  'signIn.codeHint': 'The six digits that it shows right now.',
  'signIn.wrong': 'The name or the passphrase is incorrect.',
  'signIn.wrongCode': 'The code is incorrect. Wait for the next one and enter it.',
  'signIn.tooMany': 'Too many attempts. Try again in a few minutes.',
  'signIn.expired': 'Your session has ended',
  'signIn.expiredHint': 'Sign in again. You will continue where you left off.',
  'signIn.setUp': 'The first administrator',
  'signIn.setUpHint': 'This locks the server: from then on everybody must sign in.',
  'signIn.invitation': 'Welcome to Hradlo',
  'signIn.invitationHint': 'Choose your name and the passphrase you will sign in with.',
  'signIn.create': 'Create account',
  'signIn.staleLink': 'This link is no longer valid. Ask the administrator for a new one.',
  'signIn.privacy':
    'Questions and answers are kept encrypted under your own key and deleted when their time is over. What happened when stays on record, without the texts.',
  'signIn.passphrase.short': 'A passphrase has at least 12 characters.',
  'signIn.passphrase.long': 'A passphrase has at most 256 characters.',
  'signIn.passphrase.repeats': 'A passphrase has at least five different characters.',
  'signIn.passphrase.name': 'A passphrase does not contain the account name.',
  'signIn.passphrase.sequence': 'A passphrase is not a row of neighbouring characters.',
  'signIn.out': 'Sign out',
  'signIn.outFailed': 'Signing out did not work. Try again.',
};
