/**
 * The same items, but resolved only when the first is there: what fails before it is an HTTP status, not an
 * event inside a stream that claims success.
 */
export async function begun<Item>(items: AsyncGenerator<Item>): Promise<AsyncGenerator<Item>> {
  const first = await items.next();
  return (async function* () {
    try {
      if (first.done === true) return;
      yield first.value;
      yield* items;
    } finally {
      // Also when nobody reads on: what is behind the stream must end.
      await items.return(undefined);
    }
  })();
}
