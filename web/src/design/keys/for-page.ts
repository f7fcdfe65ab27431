/** Whom a key press is for: the page, or what has the focus. */

const WRITING =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range]), textarea, select";
const PRESSABLE =
  "a[href], button, summary, input, [role=button], [role=link], [role=checkbox], [role=radio], [role=switch], [role=tab]";
/** Stands before the page and has keys of its own. */
const COVERING = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

/** Whether the page may act on a key: nothing has taken it, writes with it, is pressed by it or stands before the page. */
export function isForPage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const { target, key } = event;
  if (!(target instanceof Element)) return true;
  if (target.matches(WRITING) || target.closest(COVERING) !== null) return false;
  return !((key === " " || key === "Enter") && target.matches(PRESSABLE));
}
