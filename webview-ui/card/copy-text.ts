/** Copies a text; where the clipboard is refused (some browsers, for local files) the text is selected for Ctrl+C. */
export async function copyText(text: string, shown: Element | null): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (shown !== null) getSelection()?.selectAllChildren(shown);
  }
}
