// How much each point of a line matters: the area of the triangle that goes when it is taken out, taking out the least
// ones first (Visvalingam). Ends matter without bound.

export function weights(line) {
	const n = line.length;
	const weight = new Array(n).fill(Infinity);
	if (n < 3) {
		return weight;
	}
	const before = Int32Array.from(line, (_, i) => i - 1);
	const after = Int32Array.from(line, (_, i) => i + 1);
	const area = (i) => {
		const [ax, ay] = line[before[i]];
		const [bx, by] = line[i];
		const [cx, cy] = line[after[i]];
		return Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;
	};
	const areas = new Float64Array(n);
	const heap = [];
	const at = new Int32Array(n).fill(-1);
	const less = (a, b) => areas[a] < areas[b] || (areas[a] === areas[b] && a < b);
	const put = (k, i) => {
		heap[k] = i;
		at[i] = k;
	};
	const up = (k) => {
		const i = heap[k];
		while (k > 0 && less(i, heap[(k - 1) >> 1])) {
			put(k, heap[(k - 1) >> 1]);
			k = (k - 1) >> 1;
		}
		put(k, i);
	};
	const down = (k) => {
		const i = heap[k];
		for (;;) {
			let c = 2 * k + 1;
			if (c >= heap.length) {
				break;
			}
			if (c + 1 < heap.length && less(heap[c + 1], heap[c])) {
				c++;
			}
			if (!less(heap[c], i)) {
				break;
			}
			put(k, heap[c]);
			k = c;
		}
		put(k, i);
	};
	for (let i = 1; i < n - 1; i++) {
		areas[i] = area(i);
		heap.push(i);
		at[i] = heap.length - 1;
		up(heap.length - 1);
	}
	let most = 0;
	while (heap.length > 0) {
		const i = heap[0];
		const last = heap.pop();
		if (last !== i) {
			put(0, last);
			down(0);
		}
		most = Math.max(most, areas[i]);
		weight[i] = most;
		const [b, a] = [before[i], after[i]];
		after[b] = a;
		before[a] = b;
		for (const j of [b, a]) {
			if (j > 0 && j < n - 1) {
				areas[j] = area(j);
				up(at[j]);
				down(at[j]);
			}
		}
	}
	return weight;
}
