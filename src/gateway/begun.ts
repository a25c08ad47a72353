/**
 * The same items, but resolved only when the first after the opening ones is there: what fails before it is an HTTP
 * status, not an event inside a stream that claims success.
 * @param opening items that say nothing yet.
 */
export async function begun<Item>(items: AsyncGenerator<Item>, opening = 0): Promise<AsyncGenerator<Item>> {
  const first: Item[] = [];
  let isOver = false;
  while (!isOver && first.length <= opening) {
    const next = await items.next();
    if (next.done === true) isOver = true;
    else first.push(next.value);
  }
  return (async function* () {
    try {
      yield* first;
      if (!isOver) yield* items;
    } finally {
      // Also when nobody reads on: what is behind the stream must end.
      await items.return(undefined);
    }
  })();
}
