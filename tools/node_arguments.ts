/** How a version of Node runs TypeScript: itself where it can, which takes a third of the time, else by tsx. */
export function nodeArguments(version: string): string[] {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  const isAble = major > 22 || (major === 22 && minor >= 18);
  return isAble ? ["--disable-warning=ExperimentalWarning"] : ["--import", "tsx"];
}
