/* SPDX-License-Identifier: MIT */
/*
 * A program that no verifier accepts: it reads a message without asking how
 * long it is. For Tigger.Tests/Kernel/LoaderTests.cs.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} leftovers SEC(".maps");

SEC("sk_msg")
int broken_read(struct sk_msg_md *msg)
{
	__u32 first = 0;

	bpf_map_lookup_elem(&leftovers, &first);
	return *(char *)msg->data ? SK_PASS : SK_DROP;
}

char _license[] SEC("license") = "Dual MIT/GPL";
