/* SPDX-License-Identifier: MIT */
/*
 * A bad cable: loses some of the packets that arrive at the device it is attached to. For
 * Tigger.Tests/Fixtures/RemoteHost.cs, on machines without netem.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum {
	LOST_OF_1000 = 20,
};

SEC("xdp")
int loss(struct xdp_md *packet)
{
	(void)packet;
	return bpf_get_prandom_u32() % 1000 < LOST_OF_1000 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "Dual MIT/GPL";
