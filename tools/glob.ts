import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The files under `folder`, at any depth, whose name matches; sorted, so that runs compare. */
export function globSync(folder: string, name: RegExp): string[] {
  const found: string[] = [];
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return found;
    throw error;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...globSync(path, name));
    else if (name.test(entry.name)) found.push(path);
  }
  return found.sort();
}
