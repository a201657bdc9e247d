// SPDX-License-Identifier: Apache-2.0
/// Historical and typical bugs of interrupt controllers as switchable mutants of this model, so
/// that a test can prove that the rules notice them. The letter-number is that of xive-chip.md 9.2;
/// a mutant without one breaks a property of 9.1 that no historical bug covers.
#pragma once

#include <cstdint>

namespace xive::ic {

enum class Defect : std::uint8_t {
  None = 0,
  B9ScrubBeforeWriteBack,      ///< scrub reports completion without writing dirty lines back
  B10KillKeepsSubpage,         ///< AT KILL leaves cached sub-page VSDs usable
  B16TriggerPageLoadActs,      ///< a load of the trigger page triggers
  B17StoreEoiNotGated,         ///< store EOI acts although it is disabled
  B18EnableClearKeepsThread,   ///< clearing a thread enable does not reach the TIMA
  B19IndirectUsesOldThread,    ///< indirect access passes the write of the selector
  B20SyncTooEarly,             ///< sync done before earlier events are in memory
  B24BacklogNotRecorded,       ///< undelivered event leaves no IPB in the NVT
  B24PushKeepsBacklog,         ///< the push fetch reads the IPB but does not clear it
  B25EqAddressTruncated,       ///< event queue address cut to 32 bits
  B28SpecShowsConflict,        ///< watch SPEC reads FULL and CONFLICT both set
  B35RemoteEndHandledLocally,  ///< END of another block taken from the local table
  B36PqCheckedBitIgnored,      ///< router runs its own PQ although the sender did
  B39SecondMatchSilent,        ///< two threads match a directed event, nobody is told
  B41SetPqDropsP,              ///< set PQ=10 is taken as 00
  PqQueuedEoiLost,             ///< EOI in 11 goes to 00 without forwarding
  PqOffForwards,               ///< trigger in 01 is forwarded
  PqGetClears,                 ///< GET acts like set 00
  PqForwardLost,               ///< forwarded step of a source reaches no router
  PqNotWritten,                ///< new PQ pair is not stored in the ESB table
  LsiEoiForgetsLevel,          ///< EOI with the level still high does not fire again
  LsiSetsQueued,               ///< level asserted in 10 sets Q
  LsiDeassertRetracts,         ///< level falling takes a pending event back
  EasMaskedForwards,           ///< masked EAS still reaches the END
  EasInvalidForwards,          ///< invalid EAS still reaches the END
  EndInvalidEnqueues,          ///< invalid END still writes its queue
  EqWrapEarly,                 ///< queue wraps one entry early
  EqGenerationStuck,           ///< generation does not flip at the wrap
  EqDataBit31Leaks,            ///< data bit 31 replaces the generation bit
  EqAfterCoalescing,           ///< coalesced event is not written to the queue
  EsnIgnored,                  ///< n=0 notifies again with ESn pending
  EsnTouchedByUncond,          ///< n=1 changes ESn
  EndPageSwapped,              ///< even END page acts on ESe, odd one on ESn
  MaskedEndNotifies,           ///< priority 0xff is presented
  SilentEndNotifies,           ///< s=1 is presented as well
  EseIgnored,                  ///< u=0 escalates again with ESe pending
  EseTouchedByUncond,          ///< u=1 changes ESe
  EscalationWrongData,         ///< escalation carries the data of the first event
  DeliveredEscalates,          ///< delivered event escalates too
  BacklogWithoutB,             ///< b=0 writes the backlog
  EventRewritesW0,             ///< event processing stores the whole END with a cleared SW bit
  VsdOffByOne,                 ///< index one past the end of a direct table is accepted
  SubpageZeroCached,           ///< an unprovisioned sub-page is remembered
  PcSelectShared,              ///< PC VSD data uses the VC select register
  FirmwareBitInAddress,        ///< bit 2 of a sub-page VSD ends up in the address
  WatchStagesToMemory,         ///< DATA1..n writes reach memory before the commit
  WatchIgnoresConflict,        ///< FULL commit overwrites concurrent events
  WatchLightLosesW1,           ///< light commit writes the stale W1
  ScrubValidSticks,            ///< VALID of a scrub trigger never reads 0
  SyncBitsStick,               ///< sync done bits cannot be cleared
  EdtIndexIgnored,             ///< EDT INDEX not used in the decode
  TarAlwaysIncrements,         ///< TDR increments without AUTOINC
  RegisterAcceptsSmall,        ///< 4-byte register access treated as 8 bytes
  OutcomeTwice,                ///< an event ends twice
  kCount
};

}  // namespace xive::ic
