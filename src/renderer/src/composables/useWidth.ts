/** The width of an element in CSS pixels, kept current; a drawing in those pixels keeps its type at its size. */
import { onBeforeUnmount, onMounted, ref, type Ref, type ShallowRef } from 'vue'

export function useWidth(element: Readonly<ShallowRef<Element | null>>, before: number): Ref<number> {
  const width = ref(before)
  const observer = new ResizeObserver(([entry]) => {
    if (entry && entry.contentRect.width > 0) width.value = Math.round(entry.contentRect.width)
  })
  onMounted(() => {
    if (element.value) observer.observe(element.value)
  })
  onBeforeUnmount(() => observer.disconnect())
  return width
}
