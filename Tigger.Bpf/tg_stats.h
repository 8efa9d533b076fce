/* SPDX-License-Identifier: MIT */
/* Statistics of a pool, per CPU: nothing is paid for them in user space. */
#ifndef TIGGER_TG_STATS_H
#define TIGGER_TG_STATS_H

static __always_inline struct tg_statistics *tg_statistics(__u32 pool)
{
	return bpf_map_lookup_elem(&statistics, &pool);
}

/* Bucket i is for 64 ns * 2^i and more. */
static __always_inline __u32 tg_bucket(__u64 time)
{
	__u32 bucket = 0;

	time >>= 6;
	if (time >> 32)
		return TG_BUCKETS - 1;
	if (time >> 16) {
		bucket += 16;
		time >>= 16;
	}
	if (time >> 8) {
		bucket += 8;
		time >>= 8;
	}
	if (time >> 4) {
		bucket += 4;
		time >>= 4;
	}
	if (time >> 2) {
		bucket += 2;
		time >>= 2;
	}
	return (bucket + (time >> 1)) & (TG_BUCKETS - 1);
}

static __always_inline void tg_add_time(__u64 *total, __u64 *buckets, __u64 since, __u64 now)
{
	if (!since || now <= since)
		return;
	*total += now - since;
	buckets[tg_bucket(now - since)]++;
}

#endif
