// Before anything else: the chosen theme and language, so that nothing flashes; and no code made of text, which
// the page's policy forbids (zod would try, and each try would be reported).
{
  globalThis.__zod_globalConfig = { jitless: true };
  const theme = localStorage.getItem('hradlo.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  const language = localStorage.getItem('hradlo.language') ?? navigator.language.slice(0, 2);
  document.documentElement.lang = language === 'cs' || language === 'sk' ? 'cs' : 'en';
}
