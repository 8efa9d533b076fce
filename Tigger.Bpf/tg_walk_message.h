/* SPDX-License-Identifier: MIT */
/*
 * Walks every message of one send, in all its elements, with a copy of the stream's position:
 * whoever calls decides afterwards whether the send is taken, and only then the new position
 * counts.
 */
#ifndef TIGGER_TG_WALK_MESSAGE_H
#define TIGGER_TG_WALK_MESSAGE_H

static __always_inline void tg_walk_window(struct tg_walker *walker)
{
	walker->walk->offset = 0;
	if (walker->walk->is_server)
		bpf_loop(TG_STEPS, tg_reply_step, walker, 0);
	else
		bpf_loop(TG_STEPS, tg_request_step, walker, 0);
}

/* Bytes in an element of the message; a variable offset into a kernel struct can only be read this
 * way. */
static __always_inline __u32 tg_element(struct sk_msg *kernel_msg, __u32 index)
{
	char *lengths = (char *)&kernel_msg->sg.data[0].length;
	__u32 length = 0;

	bpf_probe_read_kernel(&length, sizeof(length),
			      lengths + (__u64)index * bpf_core_type_size(struct scatterlist));
	return length;
}

/* The next element or window of a send. A loop's callback, so that the verifier looks at it once.
 */
static long tg_walk_turn(__u32 index, struct tg_walker *walker)
{
	struct tg_walk *walk = walker->walk;
	__u32 window;

	(void)index;
	if (walk->done >= walk->known) {
		if (walk->element >= TG_ELEMENTS)
			return 1;
		walk->known += tg_element(bpf_cast_to_kern_ctx(walker->msg), walk->element++);
		return 0;
	}
	window = walk->known - walk->done;
	if (window > TG_WINDOW)
		window = TG_WINDOW;
	if (bpf_msg_pull_data(walker->msg, walk->done, walk->done + window, 0))
		return 1;
	tg_walk_window(walker);
	walk->done += window;
	return walk->escape || walk->done >= walker->msg->size;
}

/* The caller has set where the walk begins. */
static __noinline int tg_walk_message(struct sk_msg_md *msg, struct tg_walk *walk)
{
	struct tg_walker walker = {.msg = msg, .walk = walk};
	struct sk_msg *kernel_msg = bpf_cast_to_kern_ctx(msg);
	__u32 size = msg->size, first;

	first = (__u32)((long)msg->data_end - (long)msg->data);
	if (first == size && first <= TG_WINDOW) {
		tg_walk_window(&walker);
		return 0;
	}
	/* A fresh message begins with its first element; any other would have to be walked in a
	 * circle. */
	if (!kernel_msg->sg.start)
		bpf_loop(TG_TURNS, tg_walk_turn, &walker, 0);
	if (walk->done != size && !walk->escape)
		tg_escape(walk, TG_COUNT_FRAME_FAILED);
	return 0;
}

#endif
