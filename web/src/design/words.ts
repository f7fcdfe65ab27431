/** Numbers, sizes and times as people read them. Pure. */

export function bytesInWords(bytes: number): string {
  const names = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let step = 0;
  while (value >= 1000 && step < names.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${names[step]}`;
}

/** 75.5 -> "1:15.5"; hours only where there are some. */
export function clockFromSeconds(total_s: number, decimals = 0): string {
  const whole = Math.max(0, total_s);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = (whole % 60).toFixed(decimals).padStart(decimals === 0 ? 2 : decimals + 3, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

export function whenInWords(at: Date, now: Date): string {
  const ago_s = (now.getTime() - at.getTime()) / 1000;
  if (ago_s < 0) return at.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
  if (ago_s < 45) return "just now";
  if (ago_s < 3600) return `${Math.max(1, Math.round(ago_s / 60))} min ago`;
  if (ago_s < 86_400) return `${Math.round(ago_s / 3600)} h ago`;
  if (ago_s < 7 * 86_400) return `${Math.round(ago_s / 86_400)} d ago`;
  return at.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}

/** "ast_01k…9f3q": enough to tell two apart. */
export function shortId(id: string): string {
  const cut = id.indexOf("_");
  return id.length > 12 && cut > 0 ? `${id.slice(0, cut)}_…${id.slice(-5)}` : id;
}

export type CheckpointNamed = { readonly id: string; readonly recipe: string; readonly step: number };

/** "mini · step 4,391 · ckp_…9f3q" */
export function checkpointInWords(checkpoint: CheckpointNamed): string {
  return `${checkpoint.recipe} · step ${checkpoint.step.toLocaleString("en")} · ${shortId(checkpoint.id)}`;
}

/** "30 – 76", or one number for a single frame; `end` is the first frame after. */
export function framesInWords(start: number, end: number): string {
  return end - start === 1 ? String(start) : `${start} – ${end - 1}`;
}

/** How long a clip is, on its picture: a clock, or tenths of a second for what is shorter than one. */
export function lengthInWords(total_s: number): string {
  return total_s < 1 ? `${Number(total_s.toPrecision(2))} s` : clockFromSeconds(total_s);
}

export function countInWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Three significant digits, without an exponent where it can be helped. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
  return Number.isInteger(value) ? value.toLocaleString("en") : String(Number(value.toPrecision(3)));
}

/** "video.stream_opened" -> "video stream opened". */
export function plainWords(name: string): string {
  return name.replace(/[._]/g, " ");
}
