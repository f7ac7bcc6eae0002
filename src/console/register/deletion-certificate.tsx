/** A deletion certificate as a page to read and to print. */
import { Button, Descriptions, Modal } from 'antd';
import { useState } from 'react';
import type { AuditRow } from '../../contract/audit-view.ts';
import type { DeletionCertificate } from '../../contract/deletion-certificate.ts';
import { useTexts } from '../i18n/language.tsx';
import { certificateFacts, readCertificate } from './certificate-facts.ts';
import { detailText } from './register-text.ts';
import './certificate.css';

type Certified = Readonly<{
  row: Pick<AuditRow, 'number' | 'atMs'>;
  certificate: DeletionCertificate;
}>;

/** The detail of a row of the register: a certificate to be opened, or its facts in words. */
export function RowDetail({ row }: Readonly<{ row: AuditRow }>) {
  const texts = useTexts();
  const certificate = row.action === 'recordings-deleted' ? readCertificate(row.detail) : undefined;
  if (certificate === undefined) return <span title={row.detail}>{detailText(row, texts)}</span>;
  return <CertificateButton row={row} certificate={certificate} />;
}

/** `row` is where it stands in the register and when that was written. */
export function CertificateButton(certified: Certified) {
  const words = useTexts().deletion;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)} data-testid="open-certificate">
        {words.open}
      </Button>
      <Modal
        open={isOpen}
        title={words.title}
        width={760}
        okText={words.print}
        cancelText={words.close}
        onOk={() => window.print()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Certificate {...certified} />
      </Modal>
    </>
  );
}

function Certificate({ row, certificate }: Certified) {
  const words = useTexts().deletion;
  return (
    <article className="certificate" data-testid="certificate">
      <h2 className="certificate-title">{words.title}</h2>
      <p>{words.statement(certificate.items)}</p>
      <Descriptions
        bordered
        size="small"
        column={1}
        items={certificateFacts(row, certificate, words).map(({ label, text }) => ({
          key: label,
          label,
          children: text,
        }))}
      />
      <p className="certificate-hint">{words.hashHint}</p>
    </article>
  );
}
