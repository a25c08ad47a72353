// Before anything else: the chosen theme and language, so that nothing flashes; who is here is asked while the page
// is still loading; and no code made of text, which the page's policy forbids (zod would try, and be reported).
{
  globalThis.__zod_globalConfig = { jitless: true };
  const theme = localStorage.getItem('hradlo.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  const language = localStorage.getItem('hradlo.language') ?? navigator.language.slice(0, 2);
  document.documentElement.lang = language === 'cs' || language === 'sk' ? 'cs' : 'en';
  globalThis.hradloSession = fetch('/hradlo/v1/session').then((response) => response.json());
  globalThis.hradloSession.catch(() => undefined);
}
