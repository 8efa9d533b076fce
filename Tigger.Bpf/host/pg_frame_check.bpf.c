/* SPDX-License-Identifier: MIT */
/*
 * Compile check of pg_frame.h for BPF: an sk_msg program that frames one window.
 * Never loaded by Tigger; `bpftool prog load` takes it to ask the verifier.
 */
#include "../pg_frame.h"

#define SEC(name) __attribute__((section(name), used))

enum { SK_DROP = 0, SK_PASS = 1, MAX_EVENTS = 64 };

/* Head of struct sk_msg_md in linux/bpf.h, which needs host headers. */
struct sk_msg_window {
	__u8 *data;
	__u8 *data_end;
};

SEC("sk_msg")
int pg_frame_check(struct sk_msg_window *window)
{
	struct pg_frame frame = {};
	__u32 offset = 0, i;

	for (i = 0; i < MAX_EVENTS; i++) {
		enum pg_frame_event event =
			pg_frame_next_until(&frame, window->data, window->data_end, &offset);

		if (event == PG_FRAME_NEED_MORE || event == PG_FRAME_INVALID)
			break;
	}
	/* A result that depends on the walk, or clang would leave it out. */
	return frame.invalid ? SK_DROP : SK_PASS;
}

char _license[] SEC("license") = "Dual MIT/GPL";
