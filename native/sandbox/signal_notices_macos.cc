#include "signal_notices.h"

namespace coderm {

bool SignalNotices::Heed(pid_t) const { return false; }

}  // namespace coderm
