/** Getters that, as those of `net`, can be read of any object: they throw nothing where it is no instance. */

const SELF: unique symbol = Symbol("self");

/** Notes which object the private members are on; the constructor of the first class that has getters calls it. */
export function noteSelf(instance: object): void {
  Object.defineProperty(instance, SELF, { value: instance });
}

/**
 * Lets the getters of a class be read through a Proxy and of `Object.create(instance)`, with what the instance has, and of the
 * prototype.
 *
 * @param ofPrototype what the prototype has in `net` where that is not undefined
 */
export function readableOfAny(prototype: object, ofPrototype: Record<string, unknown> = {}): void {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const { get } = property;
    if (get === undefined) continue;
    const tolerant = function (this: { [SELF]?: object }) {
      const self = this[SELF];
      return self === undefined ? ofPrototype[name] : get.call(self);
    };
    Object.defineProperty(prototype, name, { ...property, get: tolerant });
  }
}
