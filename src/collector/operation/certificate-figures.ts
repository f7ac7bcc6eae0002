/** Until when the certificate is good by which the centre knows its broker. */
import { Gauge, type Registry } from 'prom-client';

export function addCertificateGauge(registry: Registry, endsAtMs: () => number | undefined): void {
  const end: Gauge = new Gauge({
    name: 'haoguanjia_broker_certificate_end_time_seconds',
    help: 'When the certificate of the broker runs out',
    registers: [registry],
    collect: () => end.set((endsAtMs() ?? Number.NaN) / 1000),
  });
}
