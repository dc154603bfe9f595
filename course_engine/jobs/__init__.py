"""The worker: wakes up for jobs, letters and what is due by the clock.

The rows of jobs and letters are the truth. The queue only carries the news that there is something to look
at, so a message that is lost or comes twice does no harm.
"""
