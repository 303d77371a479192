package ask

// The shapes of the answers that tables are printed from.
type (
	nodeAnswer     struct{ Key, Kind, Name string }
	estimateAnswer struct{ P, Low, High float64 }
	spreadAnswer   struct {
		Mean, Low, High float64
		Q05, Q95        int
	}
	likelyAnswer struct {
		Node   nodeAnswer
		Chance estimateAnswer
	}
	dateAnswer   struct{ Edtf string }
	sourceAnswer struct{ Key, Name, URL, ArchiveURL string }
	citeAnswer   struct {
		Page, Key string
		Source    *sourceAnswer
	}
	tieAnswer struct {
		Key, Grade, Status      string
		Start, End, First, Last *dateAnswer
		Citations               []citeAnswer
	}
	stepAnswer struct {
		Type       string
		Along      bool
		Confidence float64
		Stated     float64
		From, To   nodeAnswer
		Tie        *tieAnswer
	}
	causeAnswer struct {
		Share float64
		Lost  nodeAnswer
		Path  []stepAnswer
	}
	pathAnswer struct {
		Confidence float64
		Steps      []stepAnswer
	}
)

// purgeAnswer is what a purge answers.
type purgeAnswer struct {
	Targets                 []nodeAnswer
	TouchedCount            int
	InstitutionCount        int
	Institutions            []outcomeAnswer
	None                    estimateAnswer
	Fractured, OwnFractured spreadAnswer
	ownAnswer
	Struck, Rallied, Lost                []likelyAnswer
	Stakes                               []stakeAnswer
	StruckCount, RalliedCount, LostCount int
	Defaults                             struct {
		Ties, Samples int
		Share         amountAnswer
	}
	Network *struct {
		Removed       int
		Before, After networkAnswer
	}
	Basis basisAnswer
}

type outcomeAnswer struct {
	Institution                            nodeAnswer
	Own, NoData                            bool
	Fractured, Strained, Collapsed, Intact estimateAnswer
	Least                                  *estimateAnswer
	Coverage                               float64
	Wave                                   *struct{ Mode int }
	Supports                               []supportAnswer
	Why                                    *whyAnswer
}

type supportAnswer struct {
	Support         string
	Mean, Low, High float64
	Below           estimateAnswer
}

type whyAnswer struct {
	World, Wave, FailedCount int
	Fractured                bool
	Failed                   []failedAnswer
}

type failedAnswer struct {
	Support        string
	Retained, Need float64
	CauseCount     int
	Causes         []causeAnswer
}
