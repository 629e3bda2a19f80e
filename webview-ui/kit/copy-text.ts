/** Copies a text; where the clipboard is refused (some browsers, for local files) what shows it is selected for Ctrl+C. */
export async function copyText(text: string, shownIn: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const shown = document.getElementById(shownIn);
    if (shown !== null) getSelection()?.selectAllChildren(shown);
  }
}
