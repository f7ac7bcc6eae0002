/** The certificates of what was deleted, newest first, a page at a time; each can be read and printed. */
import { useQuery } from '@tanstack/react-query';
import { Button, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import type { DeletionView } from '../../contract/deletion-certificate.ts';
import { deletionsPageSize, readDeletions } from '../api/administration.ts';
import { useTexts } from '../i18n/language.tsx';
import { fullMomentText } from '../i18n/time-text.ts';
import type { Texts } from '../i18n/zh.ts';
import { figuresText } from '../register/certificate-facts.ts';
import { CertificateButton } from '../register/deletion-certificate.tsx';
import { RequestFailure } from '../shell/request-failure.tsx';

export function DeletionsTable() {
  const texts = useTexts();
  const words = texts.keeping;
  const [before, setBefore] = useState<number>();
  const deletions = useQuery({
    queryKey: ['deletions', before],
    queryFn: () => readDeletions(before),
    staleTime: 0,
  });
  const listed = deletions.data ?? [];
  const oldest = listed.length < deletionsPageSize ? undefined : listed.at(-1)?.number;
  return (
    <>
      <header className="page-head">
        <h2>
          {words.deletions}
          <small className="quiet">{words.deletionsHint}</small>
        </h2>
        <Button disabled={before === undefined} onClick={() => setBefore(undefined)}>
          {words.newest}
        </Button>
        <Button disabled={oldest === undefined} onClick={() => setBefore(oldest)}>
          {words.older}
        </Button>
      </header>
      {deletions.isError ? (
        <RequestFailure error={deletions.error} retry={deletions.refetch} />
      ) : null}
      <Table<DeletionView>
        rowKey="number"
        size="small"
        loading={deletions.isPending}
        dataSource={[...listed]}
        columns={columnsOf(texts)}
        pagination={false}
        locale={{ emptyText: words.noDeletions }}
        data-testid="deletions"
      />
    </>
  );
}

function columnsOf({ keeping: words, deletion }: Texts): TableColumnsType<DeletionView> {
  return [
    { title: words.number, className: 'cell-word', dataIndex: 'number' },
    { title: words.at, className: 'cell-word', render: (_, { atMs }) => fullMomentText(atMs) },
    {
      title: words.items,
      align: 'right',
      className: 'cell-word',
      render: (_, { certificate }) => certificate.items,
    },
    {
      title: words.counts,
      render: (_, { certificate }) => figuresText(certificate.counts, deletion.classes),
    },
    {
      title: words.profile,
      render: (_, { certificate: { rule } }) => deletion.profiles[rule.profile] ?? rule.profile,
    },
    {
      render: (_, { certificate, ...row }) => (
        <CertificateButton row={row} certificate={certificate} />
      ),
    },
  ];
}
