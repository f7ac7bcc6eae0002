/** Everything around the pages: language, look, cached data; and whether somebody has to sign in first. */
import { QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useState } from 'react';
import { createQueries, useSession } from '../api/queries.ts';
import { LanguageProvider, useLanguage } from '../i18n/language.tsx';
import { PopupProvider } from '../popup/popup-context.tsx';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { ClockProvider } from './clock.tsx';
import { DutyScreen } from './duty-screen.tsx';
import { RequestFailure } from './request-failure.tsx';
import { SoundProvider } from './sound.tsx';
import './theme.css';

/** Of antd's words for Chinese, these two come from the date library's own language, which stays English. */
const chinese: typeof zhCN = {
  ...zhCN,
  ...(zhCN.DatePicker === undefined
    ? {}
    : {
        DatePicker: {
          ...zhCN.DatePicker,
          lang: {
            ...zhCN.DatePicker.lang,
            shortWeekDays: [...'日一二三四五六'],
            shortMonths: Array.from({ length: 12 }, (_, month) => `${month + 1}月`),
          },
        },
      }),
};

const look = {
  algorithm: theme.darkAlgorithm,
  token: {
    colorPrimary: '#2a74c0',
    colorLink: '#58a6e8',
    colorBgBase: '#0c1117',
    colorBgContainer: '#141b23',
    colorBgElevated: '#1b2530',
    colorBorder: '#2a3643',
    colorText: '#dbe3ec',
    colorTextSecondary: '#a5b2c0',
    colorTextTertiary: '#96a4b3',
    colorTextDescription: '#96a4b3',
    colorTextPlaceholder: '#7f8d9c',
    colorTextDisabled: '#7f8d9c',
    colorWarning: '#f0a83c',
    colorError: '#ff5d52',
    colorSuccess: '#4cc38a',
    borderRadius: 4,
    fontSize: 15,
    fontFamily:
      "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
  },
};

export function ConsoleApp() {
  const [queries] = useState(createQueries);
  return (
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <Look />
      </LanguageProvider>
    </QueryClientProvider>
  );
}

function Look() {
  const { language } = useLanguage();
  return (
    <ConfigProvider
      theme={look}
      button={{ autoInsertSpace: false }}
      locale={language === 'en' ? enUS : chinese}
    >
      <App className="console">
        <SoundProvider>
          <Entrance />
        </SoundProvider>
      </App>
    </ConfigProvider>
  );
}

/** A session that was known stays on the screen while the centre cannot be asked: the feed's state tells of the loss. */
function Entrance() {
  const session = useSession();
  if (session.data === undefined) {
    return session.isError ? (
      <RequestFailure error={session.error} retry={session.refetch} />
    ) : null;
  }
  if (session.data.username === undefined) {
    return <SignInPage needsSetup={session.data.needsSetup} />;
  }
  return (
    // Another account begins anew, also when it came in by another window.
    <ClockProvider key={`${session.data.username} ${session.data.role}`}>
      <PopupProvider>
        <DutyScreen username={session.data.username} />
      </PopupProvider>
    </ClockProvider>
  );
}
