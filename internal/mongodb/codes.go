package mongodb

// unavailable are the server's codes for "not now". With some of them it is certain that
// nothing was written, with others it is not. So nothing is tried again here beyond the
// one retry of the driver: the caller repeats what can be repeated, which is a mutation by
// its clientMutationId, an effect, or a job.
func unavailable() []int {
	return []int{
		// There is no primary, it steps down or shuts down, a majority or the network is
		// slow, a cursor was lost with its server, or the disk is full.
		6, 7, 43, 64, 89, 91, 100, 133, 134, 175, 189, 202, 216, 237, 262, 264, 279, 355,
		9001, 10058, 10107, 11600, 11601, 11602, 13435, 13436, 14031,

		// A retryable write was sent again after a failover, or after its chunk has moved.
		// 217 IncompleteTransactionHistory: the oplog no longer tells whether the first try
		// has written. 225 TransactionTooOld: this try has not, because its session has gone
		// on; the first try may have. The others say the same of sessions and of the
		// transactions in which routers write.
		206, 217, 225, 228, 251, 261, 267, 290, 356, 358, 363,

		// Nothing was written, because somebody else holds a lock or writes the document.
		24, 46, 112, 117, 215, 314, 365,

		// Chunks move, and the router has not caught up, or writes are held back meanwhile.
		150, 246, 249, 250, 272, 319, 342, 343, 371, 406, 412, 13388,

		// The server has too much to do.
		402, 407, 433, 449,
	}
}
