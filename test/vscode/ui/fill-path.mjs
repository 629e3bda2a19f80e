/** The dialog lists its folder first, and then puts its own proposal into the box once more. */
export async function fillPath(page, input, file) {
  for (let attempt = 0; attempt < 5; attempt++) {
    await input.fill(file);
    await page.waitForTimeout(500);
    if ((await input.inputValue()) === file) break;
  }
}
