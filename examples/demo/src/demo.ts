/** The demo: plays scenes, and prints what comes of them and what goes otherwise than expected. */
import { complaints } from "./check.ts";
import { playScene } from "./play-scene.ts";
import { head, printScene } from "./print.ts";
import type { Scene } from "./scene.ts";

/** Resolves to whether everything went as expected. */
export async function demo(scenes: readonly Scene[], print: (text: string) => void): Promise<boolean> {
  print(
    "Four providers, an Express app and a Koa app, over HTTP. The clock is virtual: hours take no time.\n",
  );
  print(head);
  let wrong = 0;
  for (const scene of scenes) {
    const played = await playScene(scene);
    print(`\n${printScene(scene, played.lines)}`);
    for (const complaint of complaints(scene, played)) {
      print(`  ✗ ${complaint}`);
      wrong += 1;
    }
  }
  print(
    wrong === 0
      ? `\nAll ${scenes.length} scenes went as expected.`
      : `\nNot as expected: ${wrong}, marked with ✗.`,
  );
  return wrong === 0;
}
