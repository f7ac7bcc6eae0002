/** Which language the console speaks; remembered in the browser. Every component reads its words with `useTexts`. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { en } from './en.ts';
import { type Texts, zh } from './zh.ts';

export type Language = 'zh-CN' | 'en';

type Speaking = Readonly<{ language: Language; texts: Texts; switchLanguage: () => void }>;

const storageKey = 'haoguanjia-language';
const LanguageContext = createContext<Speaking>({
  language: 'zh-CN',
  texts: zh,
  switchLanguage: () => undefined,
});

export function LanguageProvider({ children }: Readonly<{ children: ReactNode }>) {
  const [language, setLanguage] = useState<Language>(
    localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh-CN',
  );
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(storageKey, language);
  }, [language]);
  const speaking = useMemo<Speaking>(
    () => ({
      language,
      texts: language === 'en' ? en : zh,
      switchLanguage: () => setLanguage((now) => (now === 'en' ? 'zh-CN' : 'en')),
    }),
    [language],
  );
  return <LanguageContext value={speaking}>{children}</LanguageContext>;
}

export function useLanguage(): Speaking {
  return useContext(LanguageContext);
}

export function useTexts(): Texts {
  return useContext(LanguageContext).texts;
}
