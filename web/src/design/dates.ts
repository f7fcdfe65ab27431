/** Between the instants of the API and the days of a date field (the person's own calendar). Pure. */

export function dateFromInstant(instant: string | null | undefined): string {
  if (!instant) return "";
  const at = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The end of the chosen day: what "until" means to people. */
export function instantFromDate(date: string): string | null {
  return date === "" ? null : new Date(`${date}T23:59:59`).toISOString();
}
