/** A named field of the rule form, and the number input that most of them are. */
import { InputNumber } from 'antd';
import type { ReactNode } from 'react';

export function FormField({ name, children }: Readonly<{ name: string; children: ReactNode }>) {
  return (
    <div className="form-field">
      <span>{name}</span>
      {children}
    </div>
  );
}

export function NumberField({
  name,
  value,
  min,
  max,
  step = 1,
  placeholder,
  onChange,
}: Readonly<{
  name: string;
  value: number | undefined;
  min: number;
  max: number;
  step?: number;
  placeholder?: string;
  /** Undefined when the field was emptied. */
  onChange: (value: number | undefined) => void;
}>) {
  return (
    <FormField name={name}>
      <InputNumber
        value={value ?? null}
        min={min}
        max={max}
        step={step}
        placeholder={placeholder ?? ''}
        aria-label={name}
        onChange={(entered) => onChange(entered ?? undefined)}
      />
    </FormField>
  );
}
