/**
 * The rows a batch touches, each once, in slots: first the negatives, then the targets, then the items of histories. A
 * slot has a gradient of E; the negatives and targets also an output vector and its gradient.
 */
import { AHEAD, clearRow, preload } from './preload';
import { itemCount, items, offsets, rowOf, vectorBytes } from './state';
import { dot } from '../word2vec/simd';

/** Slot of each item, −1 outside the batch. */
let slotOfItem: usize = 0;
export let itemOfSlot: usize = 0;
export let slotCount: i32 = 0;
/** The first slots have outputs. */
export let outputCount: i32 = 0;
/** oⱼ = unit(Eⱼ + Dⱼ), the inverse length of Eⱼ + Dⱼ, and the loss's gradient by oⱼ, by slot. */
export let outputs: usize = 0;
let inverseLengths: usize = 0;
export let outputGradients: usize = 0;
/** The loss's gradient by Eⱼ, by slot. */
export let itemGradients: usize = 0;

/** Lays out the slots; returns the end. */
export function layOutSlots(from: usize, mostOutputs: i32, mostSlots: i32): usize {
  slotOfItem = from;
  itemOfSlot = slotOfItem + (<usize>itemCount << 2);
  inverseLengths = itemOfSlot + (<usize>mostSlots << 2);
  outputs = (inverseLengths + (<usize>mostOutputs << 2) + 63) & ~63;
  outputGradients = outputs + <usize>mostOutputs * vectorBytes;
  itemGradients = outputGradients + <usize>mostOutputs * vectorBytes;
  memory.fill(slotOfItem, 0xff, <usize>itemCount << 2);
  return itemGradients + <usize>mostSlots * vectorBytes;
}

@inline
export function slotOf(item: i32): i32 {
  return load<i32>(slotOfItem + (<usize>item << 2));
}

@inline
export function itemAt(slot: i32): i32 {
  return load<i32>(itemOfSlot + (<usize>slot << 2));
}

/** The item's slot, a new one with a zero gradient where it has none. */
@inline
function claim(item: i32): i32 {
  const known = slotOf(item);
  if (known >= 0) return known;
  const slot = slotCount++;
  store<i32>(slotOfItem + (<usize>item << 2), slot);
  store<i32>(itemOfSlot + (<usize>slot << 2), item);
  clearRow(itemGradients + <usize>slot * vectorBytes, vectorBytes);
  return slot;
}

/** A slot with an output, which must be claimed before any without. */
export function claimOutput(item: i32): i32 {
  const slot = claim(item);
  outputCount = slotCount;
  return slot;
}

/** Makes the outputs of all slots claimed for one. */
export function makeOutputs(): void {
  for (let slot = 0; slot < outputCount; ++slot) {
    if (slot % AHEAD == 0) preloadOutputs(slot);
    makeOutput(slot);
  }
}

function preloadOutputs(first: i32): void {
  const end = min(first + AHEAD, outputCount);
  for (let slot = first; slot < end; ++slot) {
    preload(rowOf(items, itemAt(slot)), vectorBytes);
    preload(rowOf(offsets, itemAt(slot)), vectorBytes);
  }
}

function makeOutput(slot: i32): void {
  const e = rowOf(items, itemAt(slot));
  const d = rowOf(offsets, itemAt(slot));
  const output = outputAt(slot);
  for (let at: usize = 0; at < vectorBytes; at += 16) v128.store(output + at, f32x4.add(v128.load(e + at), v128.load(d + at)));
  const inverse = <f32>1 / max<f32>(<f32>1e-12, sqrt<f32>(dot(output, output, vectorBytes)));
  store<f32>(inverseLengths + (<usize>slot << 2), inverse);
  const scale = f32x4.splat(inverse);
  for (let at: usize = 0; at < vectorBytes; at += 16) v128.store(output + at, f32x4.mul(v128.load(output + at), scale));
  clearRow(outputGradientAt(slot), vectorBytes);
}

/** A slot for an item of a history. */
export function claimItem(item: i32): i32 {
  return claim(item);
}

@inline
export function inverseLengthAt(slot: i32): f32 {
  return load<f32>(inverseLengths + (<usize>slot << 2));
}

@inline
export function outputAt(slot: i32): usize {
  return outputs + <usize>slot * vectorBytes;
}

@inline
export function outputGradientAt(slot: i32): usize {
  return outputGradients + <usize>slot * vectorBytes;
}

@inline
export function itemGradientAt(slot: i32): usize {
  return itemGradients + <usize>slot * vectorBytes;
}

export function releaseSlots(): void {
  for (let slot = 0; slot < slotCount; ++slot) store<i32>(slotOfItem + (<usize>itemAt(slot) << 2), -1);
  slotCount = 0;
  outputCount = 0;
}
